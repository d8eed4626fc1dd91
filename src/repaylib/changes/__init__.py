"""What is agreed later: deferral, rate change, prepayment, rescheduling, forgiveness and more.

Each change is a frozen value in a file of its own. It says what is agreed and from when; the
engine carries it out.
Start reading in `base`, then in the file of the change.
"""
