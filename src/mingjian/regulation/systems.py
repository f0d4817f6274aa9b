"""The classes of systems (Articles 4, 21, 22), and which tier owns each."""

from enum import StrEnum

from mingjian.regulation.posts import Tier


class SystemClass(StrEnum):
    """School-built, unit-built, or unit-built for a special purpose. Stored codes; never reuse one."""

    SCHOOL = "school"
    UNIT = "unit"
    EXAMINATION = "examination"
    SECRECY = "secrecy"
    LABORATORY = "laboratory"
    SPORTS = "sports"
    RESEARCH = "research"

    @property
    def owner_tier(self) -> Tier:
        """The tier of the body that owns such a system (A04.p2, A04.p4)."""
        return Tier.SECOND if self is SystemClass.SCHOOL else Tier.THIRD

    @property
    def is_recorded_here(self) -> bool:
        """Whether this platform may hold its footage: of a secrecy system it knows that it exists, and no more.

        Our default: state secrets have no place on a system that is not classified.
        """
        return self is not SystemClass.SECRECY


def class_for(tier: Tier) -> SystemClass:
    """Return the class of a point of which only the owner's tier is known."""
    return SystemClass.SCHOOL if tier is Tier.SECOND else SystemClass.UNIT
