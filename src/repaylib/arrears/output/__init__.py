"""What leaves Python of a statement: the running account, tables and JSON.

The account is made by processing the events once more, step by step. What is stored is what a
statement follows from. Start reading in `account`.
"""
