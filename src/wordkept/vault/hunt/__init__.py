"""Hunt: what is left of a value on an installation's disk, found in raw bytes and tried with every key there is."""

from wordkept.vault.hunt.attack import Tried, attack, index_tells
from wordkept.vault.hunt.search import Hunted, Spot, Verdict, hunt, hunt_bytes

__all__ = ["Hunted", "Spot", "Tried", "Verdict", "attack", "hunt", "hunt_bytes", "index_tells"]
