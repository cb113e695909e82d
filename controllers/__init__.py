from . import documents, marketing, screen, till
