"""The OpenAPI against the server: whatever is sent, every answer is a documented one and none is a 5xx."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import FatalError, NonFatalError, PhaseFinished, ScenarioFinished

from assistant import Assistant
from assistant.types import Answer
from ui.rest import examples
from ui.rest.problems import MEDIA_TYPE
from ui.rest.tests.conftest import ALICE
from ui.rest.verify import VerifyRequest, check

# All checks are on by default. A calculator's ranges and a chat's need of a question are finer than a schema can say;
# their refusals are documented 422s; and no schema says what can be read as a transcript.
CONFIG = """
seed = 20251115
[generation]
max-examples = {examples}
[checks]
max_response_time = 20
{more}
[[operations]]
include-path = "/v1/calculators/{{name}}"
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
[[operations]]
include-path = "/v1/calculators/{{name}}/export"
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
[[operations]]
include-path = "/v1/chat/completions"
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
[[operations]]
include-path = "/v1/transcripts"
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
"""
CHECKS = {
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "positive_data_acceptance", "negative_data_rejection", "use_after_free",
    "ensure_resource_availability", "missing_required_header", "ignored_auth", "object_level_authorization",
    "unsupported_method", "allow_header_conformance", "max_response_time",
}  # fmt: skip


@pytest.mark.parametrize("behind_a_token", [False, True])
def test_every_answer_is_documented(api: FastAPI, guarded_api: FastAPI, behind_a_token: bool) -> None:
    """Schemathesis with all checks: examples, boundary values, random data, calls that use what earlier ones gave."""
    app, headers, more = api, {}, ""
    if behind_a_token:
        app, headers = guarded_api, {"Authorization": f"Bearer {ALICE}"}
        more = f'[auth.openapi]\nbearer = {{ bearer = "{ALICE}" }}'
    config = SchemathesisConfig.from_str(CONFIG.format(examples=5 if behind_a_token else 10, more=more))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config, headers=headers)
    done: Counter[str] = Counter()
    phases: dict[str, Status] = {}
    failures = []
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, PhaseFinished):
            phases[event.phase.name.name] = event.status
        elif isinstance(event, ScenarioFinished):
            for checks in event.recorder.checks.values():
                done["cases"] += 1
                done.update(node.name for node in checks)
                failures += [
                    (event.recorder.label, node.name, node.failure_info.failure.message, node.failure_info.code_sample)
                    for node in checks
                    if node.failure_info is not None
                ]
    assert not failures, json.dumps(failures[:3], ensure_ascii=False, indent=1)
    assert {phases[name] for name in ("EXAMPLES", "COVERAGE", "FUZZING", "STATEFUL_TESTING")} == {Status.SUCCESS}
    assert set(done) >= CHECKS and done["cases"] > 300, done


def test_every_operation_has_an_example_and_every_refusal_is_a_problem(api: FastAPI) -> None:
    document = api.openapi()
    operations = [op for item in document["paths"].values() for op in item.values()]
    assert len(operations) >= 20
    for operation in operations:
        assert operation["summary"] and operation["description"] and operation["tags"]
        for status, response in operation["responses"].items():
            if "$ref" in response:
                response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
            if status >= "400":
                assert set(response["content"]) == {MEDIA_TYPE}, (operation["summary"], status)
                assert response["content"][MEDIA_TYPE]["example"]["status"] == int(status)
        for parameter in operation.get("parameters", ()):
            assert parameter["description"] and "examples" in parameter["schema"] | parameter, parameter
    assert "HTTPValidationError" not in json.dumps(document)


def test_examples_are_true(assistant: Assistant) -> None:
    verified = check(assistant, VerifyRequest(document=examples.ANSWER))
    assert verified.verified and verified.quotes == 1
    Answer.model_validate_json(json.dumps({key: value for key, value in examples.ANSWER.items() if key != "abstained"}))
