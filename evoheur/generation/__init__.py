"""Who answers: generators turn a prompt into a reply, parsing turns a reply into code."""
