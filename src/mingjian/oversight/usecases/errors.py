"""What goes wrong with complaints and queries."""

from mingjian.base.errors import MingjianError


class OversightError(MingjianError):
    """It cannot be done so.

    Codes: "oversight.body_unknown", "oversight.person_unknown", "oversight.no_inspection", "oversight.too_many_open",
    "oversight.wrong_stage", "oversight.stale", "oversight.nobody_named", "oversight.already_with_inspection".
    """
