from . import test_every_model, test_messages, test_office, test_screen_tours
