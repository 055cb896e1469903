"""Records for an edition of the pages: the public one is made from records from which what may not be public was left out.

``scheme``      what counts as a figure that tells of a few people: ``parameters/schemes/disclosure.yml``
``counts``      the counts of people that observations state, each over its days
``attack``      what a reader could work out from them, honestly tried
``suppress``    which figures are hidden, so that nothing can be worked out
``naming``      texts that name what is exempt
``exempt``      exempt measures left out, with all that tells of them
``beside``      what stands beside a hidden figure and could tell of it
``left_out``    how much was left out
``public``      the public records
``made``        the same, with the scheme and earlier public papers read from where they lie
"""
