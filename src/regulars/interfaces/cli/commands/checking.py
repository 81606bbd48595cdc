"""The command that reads orders and says what it made of them."""

from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.output import OutputOptions
from regulars.interfaces.cli.reading import OrdersArgument, ReadingOptions


@with_groups
def check(orders: OrdersArgument, reading: ReadingOptions, output: OutputOptions) -> None:
    """What was read: rows, rejects and their reasons, receipts without a customer."""
    from regulars.studies.check import check as study

    output.give(lambda tell: study(reading.orders(orders, tell)))
