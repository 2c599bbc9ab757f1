// gRPC's own library in Go (Debian's packages), with stubs of the served file. Prints a line for each check.
package main

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	shopv1 "parlance/shop/v1"
)

var hasFailed = false

func check(what string, test func()) {
	defer func() {
		if problem := recover(); problem != nil {
			hasFailed = true
			fmt.Printf("FAIL  Go: %s\n%v\n", what, problem)
		}
	}()
	test()
	fmt.Printf("ok    Go: %s\n", what)
}

func equal(found, expected interface{}) {
	if !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("%v is not %v", found, expected))
	}
}

func succeeded(err error) {
	if err != nil {
		panic(err)
	}
}

// A context with a sandbox, a deadline and further metadata.
func with(pairs ...string) context.Context {
	limited, _ := context.WithTimeout(context.Background(), 30*time.Second)
	return metadata.AppendToOutgoingContext(limited, append(pairs, "x-sandbox", "grpc-go")...)
}

func order(product, quantity int32) *shopv1.PlaceOrderRequest {
	lines := []*shopv1.LineInput{{ProductId: product, Quantity: quantity}}
	return &shopv1.PlaceOrderRequest{UserId: 1, Lines: lines}
}

func main() {
	channel, err := grpc.Dial(os.Args[1], grpc.WithInsecure())
	succeeded(err)
	shop := shopv1.NewShopServiceClient(channel)
	place := func() int32 {
		placed, err := shop.PlaceOrder(with(), order(4, 1))
		succeeded(err)
		return placed.Order.Id
	}

	check("gets a user, with an enum and a time", func() {
		answer, err := shop.GetUser(with(), &shopv1.GetUserRequest{Id: 1})
		succeeded(err)
		equal(answer.User.Name, "Ada Lovelace")
		equal(answer.User.Role, shopv1.Role_ROLE_CUSTOMER)
		equal(answer.User.CreatedAt.Seconds, int64(1740816000))
	})

	check("places an order; with the same key once, and the metadata says so", func() {
		var ids [2]int32
		for time := range ids {
			var header metadata.MD
			placed, err := shop.PlaceOrder(with("idempotency-key", "go"), order(2, 1), grpc.Header(&header))
			succeeded(err)
			ids[time] = placed.Order.Id
			equal(len(header["idempotency-replayed"]), time)
		}
		equal(ids[0], ids[1])
	})

	check("is refused with typed details", func() {
		_, invalid := shop.PlaceOrder(with(), order(1, 0))
		equal(status.Code(invalid), codes.InvalidArgument)
		_, soldOut := shop.PlaceOrder(with(), order(10, 1))
		equal(status.Code(soldOut), codes.FailedPrecondition)
		_, limited := shop.PlaceOrder(with("x-fault", "rate_limited"), order(1, 1))
		equal(status.Code(limited), codes.ResourceExhausted)
		found := map[string]bool{}
		for _, refused := range []error{invalid, soldOut, limited} {
			for _, detail := range status.Convert(refused).Details() {
				switch detail := detail.(type) {
				case *errdetails.BadRequest:
					found[detail.FieldViolations[0].Field] = true
				case *errdetails.ErrorInfo:
					found[detail.Reason] = true
				case *errdetails.RetryInfo:
					found[detail.RetryDelay.String()] = true
				}
			}
		}
		equal(found["lines[0].quantity"] && found["OUT_OF_STOCK"] && found["seconds:1"], true)
	})

	check("follows events, cancels, and resumes without a gap", func() {
		var placed, followed []int32
		watching, cancel := context.WithCancel(with())
		events, err := shop.WatchEvents(watching, &shopv1.WatchEventsRequest{})
		succeeded(err)
		_, err = events.Header()
		succeeded(err)
		var last int32
		for number := 0; number < 2; number++ {
			placed = append(placed, place())
			answer, err := events.Recv()
			succeeded(err)
			followed, last = append(followed, answer.Event.OrderId), answer.Event.Seq
		}
		cancel()
		_, err = events.Recv()
		equal(status.Code(err), codes.Canceled)
		placed = append(placed, place())
		resumed, err := shop.WatchEvents(with(), &shopv1.WatchEventsRequest{After: &last})
		succeeded(err)
		answer, err := resumed.Recv()
		succeeded(err)
		equal(append(followed, answer.Event.OrderId), placed)
	})

	check("a deadline ends a stream", func() {
		soon, cancel := context.WithTimeout(with(), 300*time.Millisecond)
		defer cancel()
		events, err := shop.WatchEvents(soon, &shopv1.WatchEventsRequest{})
		succeeded(err)
		_, err = events.Recv()
		equal(status.Code(err), codes.DeadlineExceeded)
	})

	check("gzip both ways", func() {
		description := strings.TrimSpace(strings.Repeat("many words ", 150))
		request := &shopv1.UpdateProductRequest{Id: 6, Description: &description}
		answer, err := shop.UpdateProduct(with(), request, grpc.UseCompressor(gzip.Name))
		succeeded(err)
		equal(answer.Product.Description, description)
	})

	check("400 calls at once, on one channel", func() {
		var calls sync.WaitGroup
		failures := make(chan error, 400)
		for call := 0; call < 400; call++ {
			calls.Add(1)
			go func() {
				defer calls.Done()
				if _, err := shop.GetUser(with(), &shopv1.GetUserRequest{Id: 1}); err != nil {
					failures <- err
				}
			}()
		}
		calls.Wait()
		equal(len(failures), 0)
	})

	if hasFailed {
		os.Exit(1)
	}
}
