"""The examples are run, in their order, against an empty platform."""

import json

from django.test import Client

from regulars.apps.accounts.operations import make_key
from regulars.apps.accounts.rules import Role
from regulars.apps.intake.tasks import run_due_imports
from regulars.interfaces.api.entry import api
from regulars.interfaces.api.import_rows import BODIES
from regulars.interfaces.api.reference.examples import STORY, Example
from regulars.interfaces.api.reference.outline import places
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

_WORKER = "the examples"


def replay() -> str:
    """What the examples are answered, as JSON; they write into the database."""
    made = make_key("the examples", Role.OWNER, actor=COMMAND, now=now())
    client = Client(headers={"Authorization": f"Bearer {made.secret}"}, SERVER_NAME="localhost")
    where = places(api.get_openapi_schema(path_prefix="/api/v1/"))
    rows = [_row(example, client, *where[example.operation]) for example in STORY]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _row(example: Example, client: Client, method: str, path: str) -> dict[str, object]:
    response = client.generic(
        method,
        example.address(path),
        example.text,
        content_type=example.kind,
        headers={"Idempotency-Key": example.key} if example.key else {},
    )
    text = response.getvalue().decode()
    body = text if "ndjson" in response["Content-Type"] else json.loads(text)
    if isinstance(body, dict) and "request_id" in body:  # another one each time
        body["request_id"] = "5f2c9d0e8b1a4c37a6d4e1f09b7c2a58"
    while run_due_imports(_WORKER, now(), BODIES):
        pass  # what a worker would do meanwhile
    return {"operation": example.operation, "status": response.status_code, "body": body}
