"""Where the real data lies that the tests read."""

from regulars.warehouse.samples import cdnow_master, cdnow_sample, complete_journey

__all__ = ["cdnow_master", "cdnow_sample", "complete_journey"]
