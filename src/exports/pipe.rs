//! From whoever makes rows or bytes to whoever sends them, with little in between. An end that was not announced is an
//! error, so that a maker that breaks off never looks as if it had finished.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::sync::mpsc;

use crate::{Error, Result};

/// Pieces that wait to be taken.
const WAITING: usize = 64;

#[derive(Debug)]
enum Piece<T> {
    One(T),
    End,
}

/// The end into which pieces are put.
#[derive(Debug)]
pub(super) struct Sender<T> {
    to: mpsc::Sender<Result<Piece<T>>>,
}

fn nobody_reads() -> Error {
    Error::io("writing an export")(std::io::Error::new(std::io::ErrorKind::BrokenPipe, "nobody reads on"))
}

impl<T> Sender<T> {
    pub(super) async fn send(&mut self, piece: T) -> Result<()> {
        self.to.send(Ok(Piece::One(piece))).await.map_err(|_| nobody_reads())
    }

    /// The same from a thread that may wait.
    pub(super) fn send_blocking(&mut self, piece: T) -> Result<()> {
        self.to.blocking_send(Ok(Piece::One(piece))).map_err(|_| nobody_reads())
    }
}

/// The end from which pieces are taken.
#[derive(Debug)]
pub(super) struct Produced<T> {
    from: Option<mpsc::Receiver<Result<Piece<T>>>>,
}

impl<T> Stream for Produced<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Some(from) = &mut self.from else { return Poll::Ready(None) };
        let next = match std::task::ready!(from.poll_recv(context)) {
            Some(Ok(Piece::One(piece))) => return Poll::Ready(Some(Ok(piece))),
            Some(Ok(Piece::End)) => None,
            Some(Err(error)) => Some(Err(error)),
            None => {
                let broken = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "whoever wrote it broke off");
                Some(Err(Error::io("writing an export")(broken)))
            }
        };
        self.from = None;
        Poll::Ready(next)
    }
}

/// What a task makes. It stops where nobody takes it any more.
pub(super) fn produced<T, F>(make: impl FnOnce(Sender<T>) -> F) -> Produced<T>
where
    T: Send + 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    let (to, from) = mpsc::channel(WAITING);
    let made = make(Sender { to: to.clone() });
    tokio::spawn(async move {
        let end = made.await.map(|()| Piece::End);
        // Nobody is there to be told when this fails.
        let _ = to.send(end).await;
    });
    Produced { from: Some(from) }
}

/// What a thread makes that may wait for the disk.
pub(super) fn produced_blocking<T: Send + 'static>(
    make: impl FnOnce(Sender<T>) -> Result<()> + Send + 'static,
) -> Produced<T> {
    let (to, from) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let end = make(Sender { to: to.clone() }).map(|()| Piece::End);
        let _ = to.blocking_send(end);
    });
    Produced { from: Some(from) }
}

/// The bytes of a file, chunk by chunk. It ends in an error where the file could not be written whole.
#[derive(Debug)]
pub struct Chunks {
    inner: Produced<Vec<u8>>,
}

impl Chunks {
    pub(super) fn new(inner: Produced<Vec<u8>>) -> Self {
        Self { inner }
    }

    /// All of it at once: for small files and tests.
    ///
    /// # Errors
    /// Whatever stopped it.
    pub async fn whole(mut self) -> Result<Vec<u8>> {
        use futures_util::StreamExt;
        let mut all = Vec::new();
        while let Some(chunk) = self.next().await {
            all.extend(chunk?);
        }
        Ok(all)
    }
}

impl Stream for Chunks {
    type Item = Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.inner).poll_next(context)
    }
}
