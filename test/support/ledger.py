"""What was sent, what was answered, what came out: each request is an entry, and the sums must agree."""
import collections
import threading

import requests


class Ledger(requests.Session):
    """A session for trackers that remembers for each request its event ids and whether it was answered 200."""

    def __init__(self, event_ids):
        super().__init__()
        self._event_ids = event_ids   # (url, params or body) -> list of event ids
        self._lock = threading.Lock()
        self.answered, self.unanswered, self.statuses = collections.Counter(), collections.Counter(), collections.Counter()

    def request(self, method, url, **arguments):
        ids = self._event_ids(arguments.get('params') or arguments.get('data'))
        try:
            response = super().request(method, url, **arguments)
            status = response.status_code
        except requests.RequestException:
            self._note(ids, None)
            raise
        self._note(ids, status)
        return response

    def _note(self, ids, status):
        with self._lock:
            self.statuses[status] += 1
            (self.answered if status == 200 else self.unanswered).update(ids)

    def disagreements(self, rows):
        """rows: event ids that came out. Each request answered 200 gives its events exactly once; one that was not
        answered may have been stored or not, and what the tracker sends again is another request."""
        found = collections.Counter(rows)
        wrong = []
        for event_id in set(self.answered) | set(self.unanswered) | set(found):
            least = self.answered[event_id]
            most = least + self.unanswered[event_id]
            if not least <= found[event_id] <= most:
                wrong.append(f'{event_id}: {found[event_id]} rows, expected {least} to {most}')
        return wrong
