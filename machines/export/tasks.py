"""The services of the export machine: as much of Amazon RDS as three of its operations need.

Each check finds a job a little further on; how far, the name of the snapshot says.
"""

from __future__ import annotations

from typing import Any

from states import TaskContext, TaskError, function

PERCENT_PER_CHECK = {"orders": 2, "countries": 50, "archive": 0}

progress: dict[str, int] = {}  #: identifier of a job -> percent


@function("StartExport")
def start_export_task(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    progress[request["ExportTaskIdentifier"]] = 0
    return {"ExportTaskIdentifier": request["ExportTaskIdentifier"], "Status": "STARTING", "PercentProgress": 0}


@function("CheckExport")
def describe_export_tasks(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    id = request["ExportTaskIdentifier"]
    snapshot = id.removeprefix("export-")
    if snapshot == "encrypted":
        return {"ExportTasks": [{**task(id, "FAILED", 10), "FailureCause": "The KMS key is not accessible"}]}
    if progress[id] == 50 and context.attempt == 1:
        raise TaskError("Rds.RdsException", "Rate exceeded (Service: Rds, Status Code: 400)")
    progress[id] = min(100, progress[id] + PERCENT_PER_CHECK[snapshot])
    return {"ExportTasks": [task(id, "COMPLETE" if progress[id] == 100 else "IN_PROGRESS", progress[id])]}


@function("CancelExport")
def cancel_export_task(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    id = request["ExportTaskIdentifier"]
    return task(id, "CANCELING", progress.pop(id))


def task(id: str, status: str, percent: int) -> dict[str, Any]:
    """An export as RDS describes it."""
    return {"ExportTaskIdentifier": id, "Status": status, "PercentProgress": percent}
