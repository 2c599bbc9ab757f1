//! A class: a sandbox for each learner, named after them, with the exercises on.

mod names;

use crate::exercises::Learners;
use domain::limits::SANDBOXES_MAX;
use domain::sandbox::{Exercises, Settings};
use domain::{Error, Reason, Sandbox, Shop};
pub use names::NAME_CHARS_MAX;
use std::collections::HashSet;

/// Sandboxes that are made or reset in one go; between two such groups, the calls of others come in.
const GROUP: usize = 20;

/// The sandboxes of these names, in this order. A sandbox that exists already is the learner's; a name that stands twice in the list
/// gets a second one, with a number.
pub async fn make(shop: &Shop, learners: &Learners, names: &[String]) -> Result<Vec<Sandbox>, Error> {
    let sandboxes = names::sandboxes(names);
    ensure_room(shop, &sandboxes)?;
    for group in sandboxes.chunks(GROUP) {
        let made: Vec<_> =
            group.iter().map(|sandbox| shop.store().configure(sandbox, learning(shop, sandbox))).collect();
        for (sandbox, made) in group.iter().zip(made) {
            made.await?;
            learners.switch(sandbox, Exercises::On);
        }
    }
    Ok(sandboxes)
}

/// The sandbox of a learner who joins the class, which is made if it does not exist.
pub async fn join(shop: &Shop, learners: &Learners, name: &str) -> Result<Sandbox, Error> {
    let sandbox = names::slug(name).and_then(|slug| Sandbox::parse(&slug)).ok_or_else(|| {
        let rule = format!("must be 1 to {NAME_CHARS_MAX} characters, with a Latin letter or a digit");
        Error::invalid("/name", rule)
    })?;
    let is_taken = shop.store().exists(&sandbox) && shop.store().settings(&sandbox).exercises == Exercises::Off;
    if is_taken || sandbox == Sandbox::main() {
        let message = format!("the sandbox {sandbox} exists, and is no learner's: choose another name");
        return Err(Error::new(Reason::NotAllowed, message));
    }
    let is_new = !shop.store().exists(&sandbox);
    if is_new {
        shop.store().configure(&sandbox, learning(shop, &sandbox)).await?;
        learners.switch(&sandbox, Exercises::On);
    }
    Ok(sandbox)
}

/// Resets the shops of all learners. What they have done stays.
pub(crate) async fn reset(shop: &Shop, learners: &Learners) -> Result<(), Error> {
    for group in sandboxes(shop).chunks(GROUP) {
        let resets: Vec<_> = group.iter().map(|sandbox| shop.store().reset(sandbox)).collect();
        for (sandbox, reset) in group.iter().zip(resets) {
            reset.await?;
            learners.forget(sandbox);
        }
    }
    Ok(())
}

/// The learners' sandboxes: those that have their exercises on, by name.
pub(crate) fn sandboxes(shop: &Shop) -> Vec<Sandbox> {
    let all = shop.store().sandboxes().into_iter();
    let mut all: Vec<_> = all.filter(|(_, settings)| settings.exercises == Exercises::On).map(|(one, _)| one).collect();
    all.sort();
    all
}

/// The settings of a sandbox, with the exercises on.
fn learning(shop: &Shop, sandbox: &Sandbox) -> Settings {
    Settings { exercises: Exercises::On, ..shop.store().settings(sandbox) }
}

/// Refuses a class that does not fit, before a part of it is made.
fn ensure_room(shop: &Shop, sandboxes: &[Sandbox]) -> Result<(), Error> {
    let existing: HashSet<Sandbox> = shop.store().sandboxes().into_iter().map(|(sandbox, _)| sandbox).collect();
    let left = SANDBOXES_MAX.saturating_sub(existing.iter().filter(|sandbox| **sandbox != Sandbox::main()).count());
    let missing = sandboxes.iter().filter(|sandbox| !existing.contains(sandbox)).count();
    if missing <= left {
        return Ok(());
    }
    let message =
        format!("the class needs {missing} more sandboxes, and {left} of {SANDBOXES_MAX} are left; none was made");
    Err(Error::new(Reason::Overloaded, message))
}
