"""What is agreed when a loan is made: its amount, rate, instalments, fees and conventions.

A `Loan` is a frozen value. It computes nothing but what follows from the terms alone: due dates,
periods and the rate of each day.
Start reading in `loan`; `methods` says which terms contradict each other.
"""
