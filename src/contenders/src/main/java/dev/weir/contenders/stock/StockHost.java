package dev.weir.contenders.stock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway's stock server; the active profile is the bench's mode. */
@SpringBootApplication(proxyBeanMethods = false)
class StockHost {
  /** Serves until the process ends. */
  public static void main(String[] arguments) {
    SpringApplication.run(StockHost.class, arguments);
  }
}
