"""What people read and sign: agreements and letters, in English and in Chinese.

A document is built from facts; their sentences stand in the catalogues of :mod:`repaylib.wording`.
Start reading in `agreements` and `letters`.
"""
