//! The binary `parlance`.

use clap::Parser;
use server::commands;
use server::config::{Action, Command};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[actix_web::main]
async fn main() -> ExitCode {
    let command = Command::parse();
    let done = match command.action {
        None => commands::serve(command.serve).await.map(|()| true),
        Some(Action::Serve(config)) => commands::serve(config).await.map(|()| true),
        Some(Action::Call(config)) => commands::call(config).await,
        Some(Action::Compare(config)) => commands::compare(config).await,
        Some(Action::Scenario(config)) => commands::scenario(config).await,
        Some(Action::Bench(config)) => commands::bench(config).await,
        Some(Action::Exercises(config)) => commands::exercises(&config).map(|()| true),
        Some(Action::Class(config)) => commands::class(config).await.map(|()| true),
        Some(Action::Watch(config)) => commands::watch(config).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => commands::REFUSED.into(),
        Err(problem) if commands::is_output_closed(&problem) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("parlance: {problem}");
            commands::exit_status(&problem).into()
        }
    }
}
