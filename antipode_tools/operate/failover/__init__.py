"""Moves an AppSync custom domain name to another Region: active/passive, without a distribution.

A name can be in one Region only, since AppSync puts it on a distribution of CloudFront:
https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html. So it is taken from the
one Region before it is given to the other.

`handover` holds the rules: what to do next, by what is seen alone, so that a hand-over that broke
off goes on where it stands. `running` does it; `appsync` and `route53` speak to AWS, and `command`
is what an operator runs.
"""
