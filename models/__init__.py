from . import consent
from . import notification
from . import marketing
from . import erasure
