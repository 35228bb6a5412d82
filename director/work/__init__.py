"""The work itself: drafts, reviews, verdicts, and the questions only a person may answer."""
