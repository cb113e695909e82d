"""The process in which `files` lets files be read, so that none of them can stop the server."""
import io
import json
import os
import resource
import signal
import sys

from .file_formats import Contained, FileText

GRACE = 1.5  # times the seconds of a file, within which it may stop by itself


def _answer(question, questions, seconds):
    """Return the text of the file that a question names, or brings, and why that is not all."""
    text = FileText(seconds)
    file = Contained(question['name'], None, question['mimetype'])
    if (path := question['path']) is None:
        text.add(file._replace(stream=io.BytesIO(questions.read(question['size']))))
    else:
        try:
            with open(path, 'rb') as stream:
                text.add(file._replace(stream=stream))
        except OSError:
            text.note('missing')
    # A letter of two halves is one again; a half alone is none.
    joined = '\n'.join(text.parts).encode('utf-16-le', 'surrogatepass')
    return joined.decode('utf-16-le', 'replace').encode(), text.unread


def serve(seconds, memory):
    """Answer questions until there are no more. A file that takes too long ends the process.

    :param float seconds: for a file; what was read by then is given, unless nothing moves any more
    :param int memory: bytes, of the whole process
    """
    answers = os.fdopen(os.dup(1), 'wb')
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    questions = sys.stdin.buffer
    for line in questions:
        signal.setitimer(signal.ITIMER_REAL, seconds * GRACE)
        content, unread = _answer(json.loads(line), questions, seconds)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(json.dumps({'size': len(content), 'unread': unread}).encode() + b'\n')
        answers.write(content)
        answers.flush()
