"""What archived runs amount to, side by side: counted, compared and tested, without a word on how it is shown."""
