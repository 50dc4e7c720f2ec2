// An empty webhook on Go's own HTTPS server: parses the review, allows the Pod. Arguments: port, certificate, key.
package main

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

type review struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Request    map[string]any `json:"request"`
}

func answer(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	var asked review
	if err := json.Unmarshal(body, &asked); err != nil {
		http.Error(writer, "the body is not JSON", http.StatusBadRequest)
		return
	}
	writer.Header().Set("content-type", "application/json")
	_ = json.NewEncoder(writer).Encode(map[string]any{
		"apiVersion": asked.APIVersion,
		"kind":       asked.Kind,
		"response":   map[string]any{"uid": asked.Request["uid"], "allowed": true},
	})
}

func main() {
	server := &http.Server{
		Addr:    "127.0.0.1:" + os.Args[1],
		Handler: http.HandlerFunc(answer),
		// HTTP/1.1 alone, as API servers speak it.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}
