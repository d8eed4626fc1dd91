"""What a plan costs and how plans compare: yields, APR, cost sheets, caps, present values.

`apr_rules` holds the rule of each country, `known_caps` the limits on rates with their sources.
Nothing here changes a schedule.
Start reading in `cash_flows`, then `yields` and `comparison`.
"""
