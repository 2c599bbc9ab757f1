//! Group commit: one thread places all orders that wait, and commits once.

use crate::shop::{NewOrder, Order, Problem, Shop};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use tokio::sync::oneshot;

/// Orders in the queue, and in one commit.
const QUEUE_MAX: usize = 1_024;
const GROUP_MAX: usize = 256;

type Placed = Result<Order, Problem>;
type Waiting = (NewOrder, oneshot::Sender<Placed>);

/// Sends orders to the thread.
#[derive(Clone)]
pub struct Writer(SyncSender<Waiting>);

impl Writer {
    pub fn start(shop: Shop) -> Writer {
        let (queue, orders) = sync_channel(QUEUE_MAX);
        thread::spawn(move || run(&shop, &orders));
        Writer(queue)
    }

    /// Places an order, and returns when it is on the disk.
    pub async fn place(&self, new: NewOrder) -> Placed {
        let (reply, placed) = oneshot::channel();
        self.0.send((new, reply)).expect("the writer runs");
        placed.await.expect("the writer replies")
    }
}

fn run(shop: &Shop, orders: &Receiver<Waiting>) {
    while let Ok(first) = orders.recv() {
        let group: Vec<Waiting> = std::iter::once(first).chain(orders.try_iter().take(GROUP_MAX - 1)).collect();
        commit(shop, group).expect("the database can be written");
    }
}

fn commit(shop: &Shop, group: Vec<Waiting>) -> Result<(), Problem> {
    shop.begin()?;
    let mut replies = Vec::with_capacity(group.len());
    for (new, reply) in group {
        // An order that fails takes back its own changes alone.
        shop.execute("SAVEPOINT one")?;
        let placed = shop.place(&new);
        if placed.is_err() {
            shop.execute("ROLLBACK TO one")?;
        }
        shop.execute("RELEASE one")?;
        replies.push((reply, placed));
    }
    shop.execute("COMMIT")?;
    for (reply, placed) in replies {
        let _ = reply.send(placed);
    }
    Ok(())
}
