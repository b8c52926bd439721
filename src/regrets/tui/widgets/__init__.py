"""The parts of the screens. Text from outside comes in through `regrets.domain.text` only."""
