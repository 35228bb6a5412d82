"""
The built-in model that answers in place of Claude: no key, no network, the same bytes for the same goal.

A request comes in through `transport` and is answered in `service`: read (`asked`), refused where the API would (`refusals`),
slowed or failed as REHEARSAL says (`script`), written (drafts: `drafting`, from an `outline`; plans, reviews, conclusions and
reports: `director_and_reviewer`), counted (the prompt: `usage`; the answer: `service`).
"""
