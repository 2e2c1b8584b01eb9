"""The levels of open bins: how many have each free space, for rules that go by it."""
