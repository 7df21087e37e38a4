//! An HTTP/1.1 connection that is kept open as long as the server lets it, with as little work as possible.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// After so long without an answer a request has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection.
pub(super) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// An answer. It is valid until the next request.
pub(super) struct Answer<'b> {
    /// The status code.
    pub(super) status: u16,
    /// The body, as sent.
    pub(super) body: &'b [u8],
}

/// What the head of an answer says.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    length: usize,
    closes: bool,
}

impl Connection {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, buffer: Vec::with_capacity(1 << 20) }
    }

    /// Sends a whole request (head and body) and reads the answer.
    ///
    /// # Errors
    /// The connection fails, or what comes is not an answer with a length.
    pub(super) fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        match self.exchange(request) {
            Ok((head, start)) => {
                if head.closes {
                    self.stream = None;
                }
                let body = self.buffer.get(start..).unwrap_or_default();
                Ok(Answer { status: head.status, body })
            }
            Err(error) => {
                self.stream = None;
                Err(error)
            }
        }
    }

    /// The head, and where the body begins in the buffer; it ends with the buffer.
    fn exchange(&mut self, request: &[u8]) -> Result<(Head, usize)> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                none.insert(stream)
            }
        };
        stream.write_all(request)?;
        self.buffer.clear();
        let mut chunk = [0; 1 << 16];
        let (head, start) = loop {
            let count = stream.read(&mut chunk)?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break (head(self.buffer.get(..end).unwrap_or_default())?, end + 4);
            }
        };
        while self.buffer.len() < start + head.length {
            let count = stream.read(&mut chunk)?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
        }
        Ok((head, start))
    }
}

/// Reads the head of an answer.
fn head(bytes: &[u8]) -> Result<Head> {
    let wrong = |what: &str| Error::new(ErrorKind::InvalidData, format!("the answer has no {what}"));
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("readable head"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).ok_or_else(|| wrong("status"))?;
    let (mut length, mut closes) = (None, false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok();
        } else if name.eq_ignore_ascii_case("connection") {
            closes = value.eq_ignore_ascii_case("close");
        }
    }
    Ok(Head { status, length: length.ok_or_else(|| wrong("length"))?, closes })
}

/// A request with a JSON body.
pub(super) fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn heads_are_read() {
        let read = |text: &str| head(text.as_bytes());
        let answer = read("HTTP/1.1 200 OK\r\ncontent-length: 12\r\nConnection: close").unwrap();
        assert_eq!(answer, Head { status: 200, length: 12, closes: true });
        assert!(read("HTTP/1.1 200 OK\r\nx: y").is_err(), "no length");
        assert!(read("nonsense").is_err());
    }

    /// A server that answers each request with the first line of it, and closes after the second answer.
    fn server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = std::io::BufReader::new(stream.unwrap());
                for close in ["", "Connection: close\r\n"] {
                    let mut first = String::new();
                    stream.read_line(&mut first).unwrap();
                    let mut line = String::new();
                    while line != "\r\n" {
                        line.clear();
                        stream.read_line(&mut line).unwrap();
                    }
                    let first = first.trim_end();
                    let answer = format!("HTTP/1.1 200 OK\r\n{close}Content-Length: {}\r\n\r\n{first}", first.len());
                    stream.get_mut().write_all(answer.as_bytes()).unwrap();
                }
            }
        });
        address
    }

    #[test]
    fn a_connection_is_used_again_and_opened_again_when_the_server_closes_it() {
        let mut connection = Connection::new(server());
        for number in 0..5 {
            let answer = connection.send(&post(&format!("/{number}"), b"")).unwrap();
            assert_eq!((answer.status, answer.body), (200, format!("POST /{number} HTTP/1.1").as_bytes()));
        }
    }
}
