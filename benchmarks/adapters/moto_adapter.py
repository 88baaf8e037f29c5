"""moto's engine at its best: its interpreter alone, inside this process, the definition parsed once, Lambda replaced by a direct call.

No server, no boto3 client, no Docker stand between. These modules are no public API of moto: their names may move from version to version.
"""

from __future__ import annotations

import json
from importlib import import_module
from importlib.metadata import version
from typing import Any

from measure import Peer, main

PACKAGE = "moto.stepfunctions.parser.asl"
ROLE = "arn:aws:iam::123456789012:role/r"


def invoke_identity(parameters: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": json.loads(parameters["Payload"])}


class Moto(Peer):
    def __init__(self, workload: dict[str, Any]) -> None:
        super().__init__(workload)
        environment = import_module(f"{PACKAGE}.eval.environment")
        details = import_module(f"{PACKAGE}.eval.evaluation_details")
        events = import_module(f"{PACKAGE}.eval.event.event_manager")
        parser = import_module(f"{PACKAGE}.parse.asl_parser")
        functions: Any = import_module(f"{PACKAGE}.component.state.exec.state_task.lambda_eval_utils")
        functions._invoke_lambda_function = invoke_identity
        self.version = version("moto")
        self.program = parser.AmazonStateLanguageParser.parse(json.dumps(workload["definition"]))[0]
        self.new_environment = environment.Environment
        self.new_history = events.EventHistoryContext.of_program_start
        self.account = details.AWSExecutionDetails("123456789012", "us-east-1", ROLE)

    def run(self) -> Any:
        execution = {"Id": "arn:e", "Input": json.loads(self.input_text), "Name": "e", "RoleArn": ROLE, "StartTime": "2026-01-01T00:00:00Z"}
        environment = self.new_environment(
            aws_execution_details=self.account,
            execution_type="STANDARD",
            context={"Execution": execution, "StateMachine": {"Id": "arn:m", "Name": "m"}},
            event_history_context=self.new_history(),
            cloud_watch_logging_session=None,
            activity_store={},
        )
        self.program.eval(environment)
        self.last = environment
        state = environment.program_state()
        if type(state).__name__ != "ProgramEnded":
            raise RuntimeError(f"{type(state).__name__}: {getattr(state, 'error', '')}")
        return environment.states.get_input()

    def history(self) -> int:
        return len(self.last.event_manager.get_event_history())


if __name__ == "__main__":
    main(Moto)
