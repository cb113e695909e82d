from . import test_office, test_screen_tours
