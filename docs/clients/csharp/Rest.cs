// REST with .NET's HttpClient and System.Text.Json: an address for each thing, HTTP's methods and status codes.
//
// Not run by the tests. In a new console project of .NET 8 or later (dotnet new console), instead of Program.cs:
// Usage: dotnet run [ADDRESS]

using System.Net.Http.Json;
using System.Text.Json;

var address = args.Length > 0 ? args[0] : "http://127.0.0.1:8080";
using var http = new HttpClient { BaseAddress = new Uri($"{address}/rest/") };
var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

// A user, by the address.
var user = (await http.GetFromJsonAsync<User>("users/1", json))!;
Console.WriteLine($"user {user.Id}: {user.Name} <{user.Email}>");

// A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
var page = (await http.GetFromJsonAsync<ProductPage>("products?query=laptop", json))!;
Console.WriteLine($"found {page.Items.Length} products, first {page.Items[0].Name}");

// An order.
var placed = await http.PostAsJsonAsync("orders", new NewOrder(1, [new(1, 2), new(2, 3)]), json);
placed.EnsureSuccessStatusCode();
var order = (await placed.Content.ReadFromJsonAsync<Order>(json))!;
var (cents, currency) = order.Total;
Console.WriteLine($"order {order.Id}: {order.Lines.Length} lines, {cents / 100}.{cents % 100:D2} {currency}");

// An error: the status is 4xx or 5xx, and the body a problem document (RFC 9457).
var answer = await http.PostAsJsonAsync("orders", new NewOrder(1, [new(10, 1)]), json);
if (!answer.IsSuccessStatusCode)
{
    var problem = (await answer.Content.ReadFromJsonAsync<Problem>(json))!;
    Console.WriteLine($"refused: {problem.Reason}: {problem.Detail}");
}

// Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
var request = new HttpRequestMessage(HttpMethod.Get, "events");
request.Headers.Add("Accept", "text/event-stream");
request.Headers.Add("Last-Event-ID", "0");
using var stream = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
while (await lines.ReadLineAsync() is { } line)
{
    if (!line.StartsWith("data: ")) continue;
    var news = JsonSerializer.Deserialize<Event>(line["data: ".Length..], json)!;
    if (news.OrderId != order.Id) continue;
    Console.WriteLine($"event {news.Seq}: order {news.OrderId} is {news.Status}");
    break;
}

// What is read of the answers: members have their names in snake_case, and the others are skipped.
record User(int Id, string Name, string Email);
record Product(string Name);
record ProductPage(Product[] Items, string? Next);
record Money(int Amount, string Currency);
record Line(int ProductId, int Quantity);
record Order(int Id, Line[] Lines, Money Total);
record NewOrder(int UserId, Line[] Lines);
record Problem(string Reason, string Detail);
record Event(int Seq, int OrderId, string Status);
