"""Can the figures be relied on? Completeness, timeliness, validity, uniqueness, consistency and revisions, as at a day.

Pure functions of the tables of records and of what reading them found (`pmf_lib.records.findings`): frames in, frames
out. What they find belongs to a quarter and an as-at date, so no snapshot holds it.

=============  =================================================================================
module         answers
=============  =================================================================================
``scheme``     what counts as doubtful: thresholds, reasons and words
``known``      what was known at a day, and which values had fallen due
``revisions``  which values in force were changed between two days, and by more than noise
``wording``    what a commentary claims, by declared phrases
``claims``     which commentary seems to contradict its series
``repeated``   which commentary is that of the quarter before
``breaks``     changes of definition, and whether the level moved with them
``patterns``   totals that fall within a year, values copied forward, favoured last digits
``doubts``     why not to rely on a measure's figures, and the verdict
``said``       what is said of a doubt, with its period and its count
``told``       findings in words: which row repeats which, thousands separated
``measures``   counts by measure, who mends what by when, control totals
=============  =================================================================================
"""
