"""The proposed assurance rating of the second line: facts of each unit, what holds its rating down, and what would change it.

``rules``    the scheme, from ``parameters/schemes/rating.yml``
``facts``    what is counted of each unit: duties, groups of them, and what others found
``caps``     the best rating that each condition allows, and how far it is from allowing a better one
``rate``     whether anything can be concluded, of each directorate and then of the council; the lowest cap holds

They give codes and counts; pages word them.
"""

from pmf_lib.assurance.rating.facts import Seen
from pmf_lib.assurance.rating.rate import Rated, rated
from pmf_lib.assurance.rating.rules import CODES, SCALE, UNABLE, RatingScheme

__all__ = ["CODES", "SCALE", "UNABLE", "Rated", "RatingScheme", "Seen", "rated"]
