"""Whether two names, or two records, are about the same thing: reasons for people, never a score as decider."""
