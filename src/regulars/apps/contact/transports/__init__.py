"""What takes a message out of the house: each way one class."""
