"""The year in review: did the framework work, and what should change? Frames for the annual review.

===================  ==============================================================================
module               its frames
===================  ==============================================================================
``course``           each duty's course over the quarters: rose, fell, held, never tested
``recommendations``  recommendations of the year: answered, done in time, overdue; those that reports raised
``actions``          actions of the year, and what came after those that were done
``duties``           what the framework asks about its own review
``gains``            two frameworks, or editions, beside each other: what was gained and lost
===================  ==============================================================================
"""
