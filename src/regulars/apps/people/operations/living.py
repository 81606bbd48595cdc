"""Records are locked before they are changed, and whoever was erased stays erased."""

from regulars.apps.people.models import Customer
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


def locked(number: int) -> Customer:
    """A record, locked until the transaction ends.

    Raises:
        InputError: There is none, or it was erased.
    """
    customer = Customer.objects.select_for_update().filter(pk=number).first()
    if customer is None:
        raise InputError(say("There is no customer {number}.", number=str(number)))
    if customer.erased_at is not None:
        raise InputError(say("Customer {number} was erased.", number=str(number)))
    return customer
