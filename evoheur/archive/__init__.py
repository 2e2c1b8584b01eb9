"""What happened: every request, prompt, reply, candidate and evaluation of every run, in a SQL database."""
