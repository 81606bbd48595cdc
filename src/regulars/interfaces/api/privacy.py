"""Everything known of one customer: given out, or forgotten."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from regulars.apps.accounts.rules import Permission
from regulars.apps.people.operations import erase_person, export_person
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.known import number_of
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class Export(BaseModel):
    """Everything that is known of a person: app by app, table by table, row by row."""

    customer_id: str
    exported_at: datetime
    apps: dict[str, dict[str, list[dict[str, object]]]]


class ErasedOut(BaseModel):
    """The numbers of the records that are empty now."""

    erased: list[int]


@router.get(
    "/{id}/export",
    auth=Bearer(Permission.EXPORT_CUSTOMERS),
    response=Export,
    summary="Give out everything known of a customer",
)
def get_export(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the path's name
    """Everything known of the person, merged records included; that it was given out is kept."""
    key, moment, number = caller(request), now(), number_of(id)
    told = export_person(number, actor=key.actor, now=moment)
    body = {"customer_id": id, "exported_at": moment, "apps": told}
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="customer-{number}.json"'
    return answer


@router.post(
    "/{id}/erase",
    auth=Bearer(Permission.ERASE_CUSTOMERS),
    response=ErasedOut,
    summary="Forget everything known of a customer",
)
def post_erase(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the path's name
    """Forget everything personal of the person, merged records included; it cannot be undone."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        erased = erase_person(number_of(id), actor=key.actor, now=moment)
        return 200, {"erased": list(erased)}

    return answer_once(request, key.actor, moment, act)
