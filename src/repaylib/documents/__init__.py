"""What people read and sign: agreements and letters, in English and in Chinese.

A document is built from facts; each language turns them into sentences.
Start reading in `agreements` and `letters`; `language` lists what a language provides.
"""
