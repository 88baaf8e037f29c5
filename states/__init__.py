"""Run, test and understand AWS Step Functions state machines outside AWS."""
