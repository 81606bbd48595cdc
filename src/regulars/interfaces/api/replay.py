"""The examples are run, in their order, against an empty platform."""

import json

from django.test import Client

from regulars.apps.accounts.operations import make_key
from regulars.apps.accounts.rules import Role
from regulars.interfaces.api.entry import api
from regulars.interfaces.api.reference.examples import STORY, Example
from regulars.interfaces.api.reference.outline import places
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND


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
        content_type="application/json",
        headers={"Idempotency-Key": example.key} if example.key else {},
    )
    return {
        "operation": example.operation,
        "status": response.status_code,
        "body": json.loads(response.content),
    }
