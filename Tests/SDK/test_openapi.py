"""The OpenAPI document: that it is valid, that its examples are true, and that the gateway does as it says."""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from gateway import ROOT, Gateway

DOCUMENT = json.loads((ROOT / "ui/openapi.json").read_text())
CONFIGURATION = """
breaker: {failure_threshold: 1000000}
providers:
  - {name: groq, kind: mock, model: llama-3.1-8b-instant, free: true, reply: Hello there.}
  - {name: openai, kind: mock, free: true, priority: 2}
"""


def resolved(node):
    while "$ref" in node:
        target = DOCUMENT
        for name in node["$ref"][2:].split("/"):
            target = target[name.replace("~1", "/")]
        node = target
    return node


def faults(schema, value):
    """What `schema` has against `value`."""
    schema = schema | {"components": DOCUMENT["components"]}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(value)]


def operations():
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def bodies():
    """Every example of a request."""
    for path, method, operation in operations():
        content = resolved(operation.get("requestBody", {})).get("content", {})
        for type_, media in content.items():
            for name, example in media["examples"].items():
                yield pytest.param(path, media["schema"], example["value"], id=f"{path} {name}")


def answers():
    """Every example of an answer in JSON."""
    for path, method, operation in operations():
        for status, answer in operation["responses"].items():
            media = resolved(answer).get("content", {}).get("application/json", {})
            values = [media["example"]] if "example" in media else []
            values += [example["value"] for example in media.get("examples", {}).values()]
            for value in values:
                yield pytest.param(media["schema"], value, id=f"{method} {path} {status}")


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    folder = tmp_path_factory.mktemp("openapi")
    shutil.copytree(ROOT / "ui", folder / "ui")
    gateway = Gateway(folder, CONFIGURATION)
    yield gateway
    gateway.close()


def test_document_is_valid():
    validate(DOCUMENT)


@pytest.mark.parametrize("schema, value", answers())
def test_answer_example_is_what_its_schema_says(schema, value):
    assert faults(schema, value) == []


@pytest.mark.parametrize("path, schema, body", bodies())
def test_request_example_is_answered_as_documented(api, path, schema, body):
    assert faults(schema, body) == []
    request = urllib.request.Request(api.url + path, json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request) as response:
            status, type_, text = response.status, response.headers["content-type"], response.read().decode()
    except urllib.error.HTTPError as error:
        status, type_, text = error.code, error.headers["content-type"], error.read().decode()
    # The built-in provider of the tests has no embeddings.
    assert status == (400 if path.endswith("/embeddings") else 200), text
    media = resolved(DOCUMENT["paths"][path]["post"]["responses"][str(status)])["content"][type_.split(";")[0]]
    if type_.startswith("text/event-stream"):
        assert body["stream"] and text.startswith(("data: ", "event: "))
    else:
        assert faults(media["schema"], json.loads(text)) == []


def test_gateway_does_as_documented_whatever_it_is_asked(api):
    program = Path(sys.executable).parent / "schemathesis"
    command = [program, "--config-file", Path(__file__).parent / "schemathesis.toml"]
    run = subprocess.run(
        [*command, "run", f"{api.url}/openapi.json", "--no-color"], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stdout + run.stderr
    # What was asked was something, and all of it was well.
    generated, passed = re.search(r"(\d+) generated, (\d+) passed", run.stdout).groups()
    assert int(generated) == int(passed) > 500
