"""ScheduleTask -> completions: who does the work of a Task, and how its answer looks to AWS."""
