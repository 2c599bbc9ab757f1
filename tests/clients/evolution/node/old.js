// How does an old client tell what it read? Each text of a product is a line; an error ends it, and is told by its name.

export async function tell(read) {
  try {
    for (const text of await read(process.argv[2])) console.log(text);
    process.exit(0);
  } catch (error) {
    console.error(`${error.name}: ${error.message}`);
    process.exit(1);
  }
}
