"""A site of any size, made at once and past the domain, in which every counter, rank, number and ledger is as it has to be.

`python -m bench.generate URL --comments 1_000_000 --readers 100_000 --votes 10_000_000` fills an empty database, the same each
time for the same numbers. Of the votes two fifths are takes, each with its entries in the ledger, a half are ratings of comments,
and a tenth are forecasts with chances. What is kept for a while only is as old as `jobs.forgetting` leaves it.
"""
