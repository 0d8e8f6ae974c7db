"""Requests that two programs may read differently (RFC 9112, and the known shapes of request smuggling), as a table.

Each case is what one client sends on one connection. `HIDDEN` is a whole request that stands where a body, a trailer or the
rest of something refused is: whoever answers it has read one request's bytes as another's. `answers` are the collector's
status codes, in their order; `[]` where it closes without one. A case is closed by the collector unless `open` is said.
"""
import collections

HIDDEN = b'GET /hidden/x HTTP/1.1\r\nHost: a\r\n\r\n'
NEXT = b'GET /next/x HTTP/1.1\r\nHost: a\r\n\r\n'

Case = collections.namedtuple('Case', 'name request answers open')


def post(*lines, body=b'', target=b'/a/b', version=b'HTTP/1.1', host=b'Host: a\r\n', end=b'\r\n'):
    return b'POST ' + target + b' ' + version + b'\r\n' + host + b''.join(line + b'\r\n' for line in lines) + end + body


def get(*lines, body=b'', target=b'/a/b', version=b'HTTP/1.1', host=b'Host: a\r\n'):
    return b'GET ' + target + b' ' + version + b'\r\n' + host + b''.join(line + b'\r\n' for line in lines) + b'\r\n' + body


def refused(name, request, status=400):
    return Case(name, request + HIDDEN, [status], False)


def taken(name, request, answers=(200,)):
    """Taken as one request; what follows is the next one."""
    return Case(name, request + NEXT, [*answers, 200], True)


CHUNKED = b'Transfer-Encoding: chunked'
LENGTH = b'Content-Length: %d' % len(HIDDEN)
NONE = b'0\r\n\r\n'


def chunk(data):
    return b'%x\r\n' % len(data) + data + b'\r\n'


def coding_cases():
    """Transfer-Encoding: one header, exactly `chunked`, HTTP/1.1, no Content-Length beside it."""
    values = (b'gzip', b'xchunked', b'chunked, chunked', b',chunked', b'chunked,', b'chunked, identity', b'identity, chunked',
              b'gzip, chunked', b'identity', b'', b'"chunked"', b'chunked;a=b', b'chunked;', b'chunked x', b'x chunked', b'chunke',
              b'chunkedd', b'c hunked', b'chun\xe7ed', b'\xc2\xa0chunked', b'chunked\xa0', b'\x0bchunked', b'\x0cchunked', b'chunked\x0b',
              b'chunked\x00', b'\x00chunked', b"'chunked'", b'(chunked)', b'{chunked}', b'chunked\\', b'br', b'compress, chunked',
              b'trailers, chunked', b'none', b'undefined', b'cow', b'\xef\xbb\xbfchunked', b'chunked, gzip', b'chunked\r')
    for value in values:
        yield refused('transfer-encoding: %r' % value, post(b'Transfer-Encoding: ' + value, body=NONE))
    names = (b'Transfer-Encoding ', b'Transfer-Encoding\t', b' Transfer-Encoding', b'\tTransfer-Encoding', b'Transfer-Encoding\x0b',
             b'Transfer-Encoding\x00', b'\x00Transfer-Encoding', b'Transfer-Encoding\xa0', b'Transfer\xadEncoding',
             b'Transfer Encoding', b'"Transfer-Encoding"', b'Transfer-Encoding\r', b'X: y\rTransfer-Encoding', b'\rTransfer-Encoding',
             b'Transfer-Encoding:X ')
    for name in names:
        yield refused('the name %r' % name, post(name + b': chunked', b'Content-Length: 5', body=NONE))
    yield refused('transfer-encoding twice', post(CHUNKED, CHUNKED, body=NONE))
    yield refused('transfer-encoding twice, differing', post(CHUNKED, b'Transfer-Encoding: identity', body=NONE))
    yield refused('transfer-encoding twice, the second empty', post(CHUNKED, b'Transfer-Encoding:', body=NONE))
    yield refused('transfer-encoding twice, other case', post(b'transfer-encoding: chunked', b'TRANSFER-ENCODING: x', body=NONE))
    yield refused('identity and a length', post(b'Transfer-Encoding: identity', LENGTH))
    yield refused('CL.TE', post(b'Content-Length: 5', CHUNKED, body=NONE))
    yield refused('TE.CL', post(CHUNKED, LENGTH, body=NONE))
    yield refused('TE.0', post(CHUNKED, b'Content-Length: 0', body=NONE))
    yield refused('an unknown coding and a length', post(b'Transfer-Encoding: cow', LENGTH))
    yield refused('chunked in HTTP/1.0', post(CHUNKED, version=b'HTTP/1.0', body=NONE))
    yield refused('chunked in HTTP/1.0 that is kept alive', post(CHUNKED, b'Connection: keep-alive', version=b'HTTP/1.0', body=NONE))
    yield refused('a folded coding', post(b'Transfer-Encoding:\r\n chunked', body=NONE))
    yield refused('a folded coding, in two parts', post(b'Transfer-Encoding: chunked\r\n , identity', body=NONE))
    yield refused('a coding behind a folded header that hides it', post(b'X:\r\n Transfer-Encoding: chunked', b'Content-Length: x', body=NONE))
    yield taken('chunked in other letters', post(b'transfer-ENCODING: ChUnKeD', body=NONE))
    yield taken('chunked with white space around', post(b'Transfer-Encoding: \t chunked \t ', body=NONE))
    yield taken('a request in a chunk', post(CHUNKED, body=chunk(HIDDEN) + NONE))
    yield taken('TE is no Transfer-Encoding', post(b'TE: trailers, chunked', body=b''))


def length_cases():
    for value in (b'+5', b'-1', b'0x5', b'5 5', b'5, 5', b'5,5', b',5', b'5,', b'', b' ', b'5a', b'a5', b'5.0', b'5e0', b'"5"', b'5;', b'5;a=b',
                  b'\xd9\xa5', b'\x0b5', b'5\x0c', b'5\x00', b'99999999999999999999', b'18446744073709551616', b'18446744073709551621', b'9223372036854775808',
                  b'4294967296x', b'5\r', b'5\r5', b'_5', b'5_0', b'NaN', b'null', b'0, 34'):
        yield refused('content-length: %r' % value, post(b'Content-Length: ' + value, body=b'01234'))
    yield refused('two lengths', post(b'Content-Length: 0', LENGTH))
    yield refused('two lengths, the longer first', post(LENGTH, b'Content-Length: 0'))
    yield refused('two lengths, the same', post(b'Content-Length: 5', b'Content-Length: 5', body=b'01234'))
    yield refused('two lengths, the same but for a zero', post(b'Content-Length: 5', b'Content-Length: 05', body=b'01234'))
    yield refused('two lengths, one empty', post(b'Content-Length:', LENGTH))
    yield refused('a length behind white space', post(b'Content-Length : 5', body=b'01234'))
    yield refused('a length behind a tab', post(b'Content-Length\t: 5', body=b'01234'))
    yield refused('a length behind a bare CR', post(b'X: y\rContent-Length: 5', body=b'01234'))
    yield refused('a folded length', post(b'Content-Length:\r\n 5', body=b'01234'))
    yield refused('a length that a fold makes longer', post(b'Content-Length: 0\r\n\t34'))
    yield taken('a request in a body', post(LENGTH, body=HIDDEN))
    yield taken('zeros before a length', post(b'Content-Length: 00005', body=b'01234'))
    yield taken('a length of 0', post(b'Content-Length: 0'))
    yield taken('Content_Length is no Content-Length', post(b'Content_Length: 34'))
    yield taken('no length', post())


def chunk_cases():
    """The head is in order; a body that breaks off its chunks is one answer, and the end."""
    for name, body in (('size 0x0', b'0x5\r\n01234\r\n' + NONE), ('size +5', b'+5\r\n01234\r\n' + NONE), ('size -5', b'-5\r\n01234\r\n' + NONE),
                       ('a space before the size', b' 5\r\n01234\r\n' + NONE), ('a space behind the size', b'5 \r\n01234\r\n' + NONE),
                       ('no size', b'\r\n01234\r\n' + NONE), ('no size but an extension', b';a\r\n01234\r\n' + NONE),
                       ('size 5_0', b'5_0\r\n01234\r\n' + NONE), ('size 5.', b'5.\r\n01234\r\n' + NONE), ('size g', b'g\r\n01234\r\n' + NONE),
                       ('a size of 17 digits', b'00000000000000005\r\n01234\r\n' + NONE), ('a size that overflows', b'10000000000000005\r\n01234\r\n' + NONE),
                       ('a size that overflows 32 bits', b'100000005\r\n01234\r\n' + NONE), ('a size in other digits', b'\xd9\xa5\r\n01234\r\n' + NONE),
                       ('LF alone behind the size', b'5\n01234\r\n' + NONE), ('CR alone behind the size', b'5\r01234\r\n' + NONE),
                       ('CR CR LF behind the size', b'5\r\r\n01234\r\n' + NONE), ('LF alone behind the data', b'5\r\n01234\n' + NONE),
                       ('nothing behind the data', b'5\r\n01234' + NONE), ('data longer than said', b'5\r\n0123456\r\n' + NONE),
                       ('two bytes that are no line end behind the data', b'5\r\n01234XX' + NONE), ('data shorter than said', b'7\r\n01234\r\n' + NONE),
                       ('LF alone behind the last size', b'0\n\n'), ('LF alone at the end', b'0\r\n\n'), ('CR CR LF at the end', b'0\r\n\r\r\n\r\n'),
                       ('a NUL in an extension', b'5;a\x00\r\n01234\r\n' + NONE), ('a bare CR in an extension', b'5;a\rb\r\n01234\r\n' + NONE),
                       ('LF alone behind an extension', b'5;a\n01234\r\n' + NONE), ('an extension without a semicolon', b'5 a=b\r\n01234\r\n' + NONE),
                       ('a long extension', b'5;' + b'a' * 8192 + b'\r\n01234\r\n' + NONE),
                       ('many extensions', (b'1;' + b'a' * 2000 + b'\r\nx\r\n') * 40 + NONE),
                       ('a trailer with LF alone', b'0\r\nX: y\n\r\n'), ('a trailer with a bare CR', b'0\r\nX: y\rz: 1\r\n\r\n'),
                       ('a trailer with a NUL', b'0\r\nX: \x00\r\n\r\n'), ('a trailer without a colon', b'0\r\nGET /hidden/y HTTP/1.1\r\n\r\n'),
                       ('a trailer with a folded line', b'0\r\nX: y\r\n z\r\n\r\n'), ('a trailer with a space before the colon', b'0\r\nX : y\r\n\r\n'),
                       ('too many trailers', b'0\r\n' + b'X: y\r\n' * 4000 + b'\r\n')):
        yield refused('chunks: ' + name, post(CHUNKED, body=body), 404)
    yield taken('chunks: an extension', post(CHUNKED, body=b'5;a=b;c="d"\r\n01234\r\n' + NONE))
    yield taken('chunks: zeros before a size', post(CHUNKED, body=b'00005\r\n01234\r\n000\r\n\r\n'))
    yield taken('chunks: a request in a trailer', post(CHUNKED, body=b'0\r\nX: GET /hidden/x HTTP/1.1\r\nHost: hidden.example\r\n\r\n'))
    yield taken('chunks: framing in a trailer', post(CHUNKED, body=b'0\r\nContent-Length: 34\r\nTransfer-Encoding: chunked\r\n\r\n'))
    yield taken('chunks: one byte each', post(CHUNKED, body=b''.join(chunk(b'%c' % c) for c in HIDDEN) + NONE))


def line_cases():
    for name, line, status in (('no version', b'GET /a/b', 505), ('HTTP/0.9', b'GET /a/b HTTP/0.9', 505), ('HTTP/1.2', b'GET /a/b HTTP/1.2', 505),
                               ('HTTP/2.0', b'PRI * HTTP/2.0', 501), ('HTTP/1.10', b'GET /a/b HTTP/1.10', 505), ('HTTP/1.1x', b'GET /a/b HTTP/1.1x', 505),
                               ('http/1.1', b'GET /a/b http/1.1', 505), ('two spaces', b'GET  /a/b HTTP/1.1', 505), ('two spaces before the version', b'GET /a/b  HTTP/1.1', 505),
                               ('a space at the end', b'GET /a/b HTTP/1.1 ', 505), ('a tab', b'GET\t/a/b HTTP/1.1', 501), ('a space in the target', b'GET /a /b HTTP/1.1', 505),
                               ('a request in the target', b'GET /a/b HTTP/1.1 /hidden HTTP/1.1', 505), ('a bare CR', b'GET /a/b\r HTTP/1.1', 505),
                               ('a bare CR that ends the line', b'GET /a/b HTTP/1.1\rX: y', 505), ('a NUL in the target', b'GET /a\x00/b HTTP/1.1', 400),
                               ('a byte beyond ASCII in the target', b'GET /a/\xff HTTP/1.1', 400), ('a fragment', b'GET /a/b#c HTTP/1.1', 400),
                               ('an unknown method', b'GETT /a/b HTTP/1.1', 501), ('a method in small letters', b'get /a/b HTTP/1.1', 501),
                               ('a space before the method', b' GET /a/b HTTP/1.1', 501), ('CONNECT', b'CONNECT a:443 HTTP/1.1', 400),
                               ('a target without a slash', b'GET a/b HTTP/1.1', 400), ('a bad escape', b'GET /a/%zz HTTP/1.1', 400)):
        yield refused('request line: ' + name, line + b'\r\nHost: a\r\n\r\n', status)
    yield refused('request line: an empty one before it', b'\r\n' + get(), 501)
    yield refused('a line without a colon', get(b'Transfer-Encoding chunked'))
    yield refused('a header without a name', get(b': x'))
    yield refused('a space before the first header', b'GET /a/b HTTP/1.1\r\n Host: a\r\n\r\n')
    yield refused('a bare CR in a value', get(b'X: y\rz'))
    yield refused('a bare CR at the end of a value', get(b'X: y\r'))
    yield refused('a NUL in a value', get(b'X: y\x00z'))
    yield refused('a control character in a name', get(b'X\x01: y'))
    yield refused('a byte beyond ASCII in a name', get(b'X\xe9: y'))
    yield refused('a bracket in a name', get(b'X[]: y'))
    yield refused('no Host', get(host=b''))
    yield refused('two Hosts', get(b'Host: b'))
    yield refused('two Hosts, the same', get(b'Host: a'))
    yield refused('two Hosts, one behind white space', get(b'Host : b'))
    yield refused('a folded Host', b'GET /a/b HTTP/1.1\r\nHost: a\r\n b\r\n\r\n')
    yield refused('an empty Host', get(host=b'Host:\r\n'))
    yield refused('a Host that is none', get(host=b'Host: a/hidden\r\n'))
    yield refused('a Host list', get(host=b'Host: a, b\r\n'))
    yield refused('a Host that differs from the target', get(target=b'http://b/a/b'))
    yield refused('a hundred headers', get(*[b'X%d: y' % i for i in range(100)]))
    yield taken('a line that ends with LF alone', b'GET /a/b HTTP/1.1\nHost: a\n\n')
    yield taken('a header that is folded', get(b'X: y\r\n z'))


def body_cases():
    """Bodies that nobody wants are read, or the connection is closed."""
    yield taken('GET with a body', get(LENGTH, body=HIDDEN))
    yield taken('GET with a chunked body', get(CHUNKED, body=chunk(HIDDEN) + NONE))
    yield taken('HEAD with a body', b'HEAD /a/b HTTP/1.1\r\nHost: a\r\n' + LENGTH + b'\r\n\r\n' + HIDDEN)
    yield taken('OPTIONS with a body', b'OPTIONS /a/b HTTP/1.1\r\nHost: a\r\n' + LENGTH + b'\r\n\r\n' + HIDDEN)
    yield taken('PUT with a body', b'PUT /a/b HTTP/1.1\r\nHost: a\r\n' + LENGTH + b'\r\n\r\n' + HIDDEN, answers=(404,))
    yield taken('a body where there is no such path', post(LENGTH, target=b'/nope', body=HIDDEN), answers=(404,))
    yield taken('a body for /health', get(LENGTH, target=b'/health', body=HIDDEN))
    yield Case('a body beyond the limit for GET', get(b'Content-Length: 9999999', body=HIDDEN), [200], False)
    yield Case('a body beyond the limit', post(b'Content-Length: 9999999', body=HIDDEN), [400], False)
    yield Case('a chunk beyond the limit', post(CHUNKED, body=b'ffffff\r\n' + HIDDEN), [400], False)
    yield Case('Connection: close ends it', get(b'Connection: close') + HIDDEN, [200], False)
    yield Case('HTTP/1.0 ends it', get(version=b'HTTP/1.0') + HIDDEN, [200], False)
    yield Case('Connection: close, among others', get(b'Connection: te, close') + HIDDEN, [200], False)
    yield Case('a body that nobody asked to send', b'PUT /a/b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n' + LENGTH + b'\r\n\r\n', [404], False)
    yield Case('an unknown upgrade', get(b'Connection: Upgrade, HTTP2-Settings', b'Upgrade: h2c', b'HTTP2-Settings: x') + NEXT, [200, 200], True)
    yield Case('requests in one piece', get() + post(LENGTH, body=HIDDEN) + get(target=b'/nope') + NEXT, [200, 200, 404, 200], True)


def later_cases():
    """What is answered as the first request of a connection is answered so as a later one, too."""
    lines = [case for case in line_cases() if not case.open]
    lines += [refused('request line: ' + name, line + b' HTTP/1.1\r\nHost: a\r\n\r\n', status)
              for name, line, status in (('FOO', b'FOO /', 501), ('PROPFIND', b'PROPFIND /a/b', 501), ('a method in many letters', b'M' * 17 + b' /a/b', 400),
                                         ('a method that does not end', b'M' * 300, 400))]
    for case in lines:
        yield Case('behind a request: ' + case.name, get() + case.request, [200, *case.answers], False)


# Behind a request that was served, these are the rest of its body and not the beginning of another: closed, not answered.
REMAINS = [b'BAD\r\n\r\n', b'{"schema": "iglu:a/b/jsonschema/1-0-0", "data": []}', b'{"schema":"iglu:a/b/jsonschema/1-0-0","data":[]}',
           b'e=pv&aid=[ ]', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(32), b'\x1f\x8b\x08\x00 \x00\x00\x00\x00\x00', b'"GET" / HTTP/1.1\r\n\r\n']

CASES = [case for table in (coding_cases, length_cases, chunk_cases, line_cases, body_cases, later_cases) for case in table()]
